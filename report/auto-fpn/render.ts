import { costSection } from '../cost.ts'
import { datasetSection } from '../dataset.ts'
import { header } from '../header.ts'
import { renderPage } from '../page.ts'
import { runDetectorSection } from '../run-model.ts'
import { accuracySection } from './accuracy.ts'
import { retrainingSection } from './comparison.ts'
import type { AutoFpnReportData } from './data.ts'
import { evolutionSection } from './evolution.ts'
import { overview } from './overview.ts'
import { phases } from './phases.ts'
import { predictionsSection } from './predictions.ts'
import { probabilitiesSection } from './probabilities.ts'
import { searchSection } from './search.ts'
import { STYLE } from './style.ts'
import { winnerSection } from './winner.ts'

export const renderAutoFpnReport = (data: AutoFpnReportData): string =>
  renderPage(
    data.record,
    header(data.record, data.end, overview(data)),
    [
      winnerSection(data),
      retrainingSection(data),
      predictionsSection(data),
      accuracySection(data),
      data.comparison && runDetectorSection(data.record),
      searchSection(data),
      probabilitiesSection(data),
      evolutionSection(data),
      datasetSection(data.record.dataset.classes, data.notes),
      costSection(data.ledger, phases),
    ],
    STYLE,
  )
