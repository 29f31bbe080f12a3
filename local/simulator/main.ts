import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { add, type CampaignTotals, campaign, emptyTotals } from './campaign.ts'
import { FAULTS, type Fault } from './faults.ts'
import { simulatedPipelines } from './pipelines/index.ts'
import { START } from './scenario.ts'
import { type Simulated, simulate } from './simulate.ts'

const YEAR_MS = 365.25 * 24 * 3_600_000

const whole = (text: string): number => {
  const n = Number(text)
  // Empty text is the number 0, too.
  if (!/\d/.test(text) || !Number.isSafeInteger(n) || n < 0)
    throw new InvalidArgumentError('It is not a whole number.')
  return n
}

const positive = (text: string): number => {
  const n = whole(text)
  if (n === 0) throw new InvalidArgumentError('There is nothing to simulate.')
  return n
}

const known = simulatedPipelines.all().map(([name]) => name)
const program = new Command('simulate')
  .description('runs searches in virtual time under faults, and checks what each of them promises')
  .option('--seeds <n>', 'how many seeds of each pipeline', positive, 1000)
  .option('--first <n>', 'the first of them', whole, 0)
  .option('--seed <n>', 'this one alone, with everything that happens', whole)
  .addOption(new Option('--pipeline <name>', 'this one alone').choices(known))
  .exitOverride()

try {
  program.parse()
} catch (thrown) {
  // Commander has printed its message, or the help that was asked for.
  if (!(thrown instanceof CommanderError)) throw thrown
  process.exit(thrown.exitCode === 0 ? 0 : 2)
}
const options = program.opts<{ seeds: number; first: number; seed?: number; pipeline?: string }>()
const chosen = options.pipeline === undefined ? known : [options.pipeline]

const violationsOf = ({ pipeline, seed, violations }: Simulated): string =>
  [
    `${pipeline}, seed ${seed}: ${violations.length} violations`,
    ...violations.slice(0, 5).map((line) => `  ${line}`),
    `  npm run simulate -- --seed ${seed} --pipeline ${pipeline}`,
  ].join('\n')

async function replay(pipeline: string, seed: number): Promise<void> {
  const log = (at: number, who: string, what: string) => {
    const seconds = ((at - START) / 1000).toFixed(3)
    console.log(`${seconds.padStart(10)}  ${who}  ${what}`)
  }
  const outcome = await simulate(pipeline, seed, { log })
  const good = outcome.violations.length === 0
  console.log(good ? `${pipeline}, seed ${seed}: no violation` : violationsOf(outcome))
  if (!good) process.exitCode = 1
}

async function many(): Promise<void> {
  const { first, seeds } = options
  const all = Array.from({ length: seeds }, (_, i) =>
    chosen.map((pipeline) => ({ pipeline, seed: first + i })),
  ).flat()
  const totals = emptyTotals()
  const begun = performance.now()
  let shown = 0
  const conclude = () => {
    console.log(summary(totals, (performance.now() - begun) / 1000))
    if (totals.failing.length > 0) process.exitCode = 1
  }
  // Ctrl-C shows what has come of the campaign so far.
  process.once('SIGINT', () => {
    conclude()
    process.exit()
  })
  await campaign(all, (one) => {
    add(totals, one)
    if (one.violations.length > 0) console.log(violationsOf(one))
    if (performance.now() - shown < 10_000) return
    shown = performance.now()
    console.error(`${totals.seeds} of ${all.length} seeds, ${totals.failing.length} with violations`)
  })
  conclude()
}

function summary(totals: CampaignTotals, seconds: number): string {
  const { seeds, trials, executions, busy, useful, available, faults, failing } = totals
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`
  const injected = (Object.keys(FAULTS) as Fault[]).map(
    (fault) => `  ${fault.padEnd(30)} ${String(faults.get(fault) ?? 0).padStart(9)}`,
  )
  return [
    'faults',
    ...injected,
    `${seeds} seeds of ${chosen.join(' and ')}, ${trials} trials, ${executions} executions in ${seconds.toFixed(0)} s (${((1000 * seconds) / seeds).toFixed(0)} ms a seed)`,
    `${(busy / YEAR_MS).toFixed(3)} virtual GPU years; ${share(useful, busy)} of them not lost to faults and start-up; GPUs in use ${share(busy, available)} of the time`,
    `${failing.length} seeds with violations`,
  ].join('\n')
}

const { seed } = options
if (seed === undefined) await many()
else for (const pipeline of chosen) await replay(pipeline, seed)
