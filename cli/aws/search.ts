import type { RunConfig } from '../../nas/runs/config.ts'
import { checkEngine } from '../../nas/runs/images.ts'
import { rentalPrices } from '../../nas/runs/prices.ts'
import { counted } from '../../report/format.ts'
import { readConfig } from '../config-file.ts'
import { jobsAtOnce } from '../place.ts'
import { planOf } from '../plan.ts'
import { currentPrices } from '../prices.ts'
import { remeasured } from '../remeasured.ts'
import { chosenName, type SearchOptions } from '../search.ts'
import { showDataset } from '../show-dataset.ts'
import { startRun } from '../start-run.ts'
import { announce } from '../summary.ts'
import { checkSize } from './check-size.ts'
import { type Cloud, inCloud } from './cloud.ts'
import { type DeployedOptions, machinesOf } from './deployed.ts'
import { startExecution } from './start-execution.ts'
import { uploadDataset } from './upload.ts'
import { watchIn } from './watch.ts'

export type CloudSearchOptions = DeployedOptions & Pick<SearchOptions, 'set' | 'run' | 'json' | 'remeasure'>

/** Starts a run on AWS, and watches it. */
export const search = (file: string, options: CloudSearchOptions): Promise<void> =>
  inCloud(options, async (cloud) => {
    const config = readConfig(file, options.set)
    const run = await startIn(cloud, options.remeasure ? remeasured(config) : config, options)
    await watchIn(cloud, run, options)
  })

/** Uploads what jobs need, records a run, and starts its execution. Returns the run's name. */
export async function startIn(
  cloud: Cloud,
  raw: RunConfig,
  { run: name, json }: Pick<CloudSearchOptions, 'run' | 'json'>,
): Promise<string> {
  const { store, deployed } = cloud
  const wanted = jobsAtOnce(raw.compute, 'aws')
  const concurrency = Math.min(wanted, deployed.MaxCards)
  const config: RunConfig = { ...raw, store: store.location, compute: { ...raw.compute, concurrency } }
  const run = chosenName(config, name)
  const { card, allowRetired } = config.compute
  const prices = rentalPrices(card, { allowRetired, prices: currentPrices() })
  const { Search } = machinesOf(deployed, config)
  checkEngine(config.compute)
  if (concurrency < wanted)
    announce(
      `${counted(concurrency, 'job')} at once and not ${wanted}: ${deployed.name} rents no more cards (maxCards)`,
      {
        json,
      },
    )
  await checkSize(deployed, config)
  const record = await startRun(store, run, config, {
    place: 'aws',
    look: (task, source) => uploadDataset(store, task, source),
    known: { prices },
  })
  announce(await planOf(store, record), { json })
  await showDataset(store, record, { json })
  await startExecution(await cloud.services.sfn(), Search, record, 1)
  announce(`started on AWS; Ctrl-C ends only the watching, trellis stop ${run} the run`, { json })
  return run
}
