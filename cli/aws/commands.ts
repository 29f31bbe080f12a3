import { Argument, type Command, Option } from 'commander'

/** Chooses a run's place: for commands that work here as well. */
export const awsOption = (): Option => new Option('--aws', 'on AWS, where it was deployed').conflicts('store')

/** Chooses among deployments. */
export const deploymentOption = (): Option =>
  new Option('--deployment <name>', 'which one, if there are several').default('trellis')

/** Adds the commands that need AWS. As in trellis.ts, the module of each is loaded when it runs. */
export function addAwsCommands(program: Command): void {
  addDeployment(program)
  addRuns(program)
  addSchedule(program)
  addChecks(program)
}

function addDeployment(program: Command): void {
  program
    .command('deploy')
    .description('put Trellis on AWS, or bring what is there up to date')
    .argument('[config]', 'YAML file; docs/deployment.md describes every key')
    .option('--yes', 'do not ask before permissions change')
    .action(async (config, options) => (await import('./deploy.ts')).deploy(config, options))

  program
    .command('destroy')
    .description('take a deployment off AWS; its runs stay in the bucket')
    .argument('[config]', 'the YAML file that it was deployed with')
    .option('--yes', 'do not ask')
    .action(async (config, options) => (await import('./destroy.ts')).destroy(config, options))
}

function addRuns(program: Command): void {
  program
    .command('status')
    .description('how a run on AWS is; without a name, the latest ones')
    .argument('[run]')
    .addOption(deploymentOption())
    .option('--json', 'print one JSON object, as docs/json.md has it')
    .action(async (run, options) => (await import('./status.ts')).status(run, options))

  program
    .command('watch')
    .description('show how a run on AWS gets on, until it ends')
    .argument('<run>')
    .addOption(deploymentOption())
    .option('--json', 'print one JSON object, as docs/json.md has it')
    .action(async (run, options) => (await import('./watch.ts')).watch(run, options))

  program
    .command('stop')
    .description('end a run on AWS, and its jobs; resume goes on with it')
    .argument('<run>')
    .addOption(deploymentOption())
    .action(async (run, options) => (await import('./stop.ts')).stop(run, options))

  program
    .command('cost')
    .description('what a run has cost, by phase and by attempt')
    .argument('<run>')
    .option('--store <folder>', 'where runs are kept')
    .addOption(awsOption())
    .addOption(deploymentOption())
    .option('--json', 'print one JSON object, as docs/json.md has it')
    .action(async (run, options) => (await import('./cost.ts')).cost(run, options))
}

function addSchedule(program: Command): void {
  program
    .command('schedule')
    .description('re-rank a run on AWS at set times, where its dataset has changed')
    .argument('[run]')
    .argument('[cron]', "six fields, as EventBridge has them: '0 3 * * ? *' is each night at three")
    .option('--time-zone <zone>', 'of the times', 'UTC')
    .option('--usd <dollars>', 'begin none once the run has cost so much in all')
    .option('--list', 'show all schedules')
    .option('--off', 'end the schedule of the run')
    .addOption(deploymentOption())
    .action(async (run, cron, options) => (await import('./schedule.ts')).schedule(run, cron, options))
}

function addChecks(program: Command): void {
  program
    .command('doctor')
    .description('look for what keeps runs on AWS from getting on')
    .option('--run', 'run a job on each card, too, which tries its machine')
    .addOption(deploymentOption())
    .action(async (options) => (await import('./doctor/doctor.ts')).doctor(options))

  program
    .command('prices')
    .description('read what machines cost in the region today')
    .addArgument(new Argument('<what>').choices(['refresh']))
    .action(async () => (await import('./refresh-prices.ts')).refreshPrices())
}
