import { latencyKeys } from '../../runs/latencies.ts'
import type { CostTable } from '../../spaces/densenas/expected-cost.ts'
import { multiplyAddsTable } from '../../spaces/densenas/operation-graphs.ts'
import { RESUME, requireJson } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { latencyTableSchema } from './latency.ts'
import type { SupernetSpec } from './specs.ts'

/** What the operations cost that a search weighs: in milliseconds, or in multiply-adds for one image. */
export const readCosts = async (
  store: ObjectStore,
  { space, image, classes, costs }: SupernetSpec,
): Promise<CostTable> =>
  costs === null
    ? multiplyAddsTable(space, { image, classes })
    : requireJson(
        store,
        latencyKeys(costs).table,
        latencyTableSchema,
        'resume the run: it measures first',
        RESUME,
      )
