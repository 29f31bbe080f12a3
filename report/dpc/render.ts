import { costSection } from '../cost.ts'
import { datasetSection } from '../dataset.ts'
import { header } from '../header.ts'
import { renderPage } from '../page.ts'
import { runModelSection } from '../run-model.ts'
import { classesSection } from './classes.ts'
import { fullTrainingSection } from './comparison.ts'
import type { DpcReportData } from './data.ts'
import { leaderboardSection } from './leaderboard.ts'
import { overview } from './overview.ts'
import { phases } from './phases.ts'
import { predictionsSection } from './predictions.ts'
import { proxySection } from './proxy.ts'
import { searchSection } from './search.ts'
import { STYLE } from './style.ts'
import { winnerSection } from './winner.ts'

export const renderDpcReport = (data: DpcReportData): string =>
  renderPage(
    data.record,
    header(data.record, data.end, overview(data)),
    [
      winnerSection(data),
      fullTrainingSection(data),
      predictionsSection(data),
      classesSection(data),
      data.rerank && data.winner && runModelSection(data.record, 'each pixel'),
      searchSection(data),
      proxySection(data),
      datasetSection(data.record.dataset.classes, data.notes),
      costSection(data.ledger, phases),
      leaderboardSection(data),
    ],
    STYLE,
  )
