import { confusionSection } from '../confusion.ts'
import { costSection } from '../cost.ts'
import { datasetSection } from '../dataset.ts'
import { header } from '../header.ts'
import { renderPage } from '../page.ts'
import { runModelSection } from '../run-model.ts'
import { retrainingSection } from './comparison.ts'
import type { DenseNasReportData } from './data.ts'
import { networkSection } from './network.ts'
import { overview } from './overview.ts'
import { pathSection } from './path.ts'
import { phases } from './phases.ts'
import { probabilitiesSection } from './probabilities.ts'
import { searchSection } from './search.ts'
import { STYLE } from './style.ts'

export const renderDenseNasReport = (data: DenseNasReportData): string =>
  renderPage(
    data.record,
    header(data.record, data.end, overview(data)),
    [
      pathSection(data),
      retrainingSection(data),
      confusionSection(data.confusion, data.record.dataset.classes),
      networkSection(data),
      data.comparison && runModelSection(data.record, 'a prediction'),
      searchSection(data),
      probabilitiesSection(data),
      datasetSection(data.record.dataset.classes, data.notes),
      costSection(data.ledger, phases),
    ],
    STYLE,
  )
