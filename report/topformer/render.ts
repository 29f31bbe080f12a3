import { costSection } from '../cost.ts'
import { datasetSection } from '../dataset.ts'
import { header } from '../header.ts'
import { renderPage } from '../page.ts'
import { runModelSection } from '../run-model.ts'
import { agreementSection } from './agreement.ts'
import { retrainingSection } from './comparison.ts'
import type { TopformerReportData } from './data.ts'
import { networkSection, predictionsSection } from './network.ts'
import { overview } from './overview.ts'
import { phases } from './phases.ts'
import { frontSection, halfStepsSection } from './search.ts'

export const renderTopformerReport = (data: TopformerReportData): string =>
  renderPage(
    data.record,
    header(data.record, data.end, overview(data)),
    [
      networkSection(data),
      retrainingSection(data),
      predictionsSection(data),
      data.comparison && runModelSection(data.record, 'a prediction'),
      agreementSection(data),
      frontSection(data),
      halfStepsSection(data),
      datasetSection(data.record.dataset.classes, data.notes),
      costSection(data.ledger, phases),
    ],
    '',
  )
