import { Command, Option } from 'commander'
import { addAwsCommands, awsOption, deploymentOption } from './aws/commands.ts'
import { runCommand } from './boundary.ts'
import { code } from './version.ts'

/*
 * The command line. A command's module is loaded when that command runs: `--help` and `count` never wait for image
 * decoders or ONNX Runtime.
 */

const STORE = ['--store <folder>', 'where runs are kept'] as const
const JSON_OPTION = ['--json', 'print one JSON object, as docs/json.md has it'] as const
const RUN = ['<run>', 'its name, the beginning of it, or latest'] as const
const SET = [
  '--set <key=value>',
  'set a key of the config, e.g. budget.trials=32; repeatable',
  gather,
] as const

function gather(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value]
}

const program = new Command('trellis')
  .description('Search neural architectures for dense prediction.')
  .version(code)

/** A command on runs of this computer's store or of a deployment. */
const hereOrOnAws = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option(...JSON_OPTION)
    .option(...STORE)
    .addOption(awsOption())
    .addOption(deploymentOption())

program
  .command('init')
  .description('write an example configuration to start from, and list all examples')
  .argument('[folder]', 'where it goes', '.')
  .option('--pipeline <name>', 'of this pipeline; its example needs no data')
  .addOption(new Option('--example <name>', 'this one').conflicts('pipeline'))
  .action(async (folder, options) => console.log(await (await import('./init.ts')).init(folder, options)))

program
  .command('search')
  .description('start a search, and see it through to a trained network')
  .argument('<config>', 'YAML file; docs/config.md describes every key')
  .option(...SET)
  .option('--run <name>', 'name of the run; by default the config’s name and the time')
  .option('--remeasure', 'measure latencies again, also where an earlier search has measured them')
  .option(...JSON_OPTION)
  .option(...STORE)
  .addOption(awsOption())
  .addOption(deploymentOption())
  .action(async (config, options) =>
    options.aws
      ? (await import('./aws/search.ts')).search(config, options)
      : (await import('./search.ts')).search(config, options),
  )

hereOrOnAws('resume', 'go on with a run that was interrupted or has failed')
  .argument(...RUN)
  .action(async (run, options) =>
    options.aws
      ? (await import('./aws/resume.ts')).resume(run, options)
      : (await import('./resume.ts')).resume(run, options),
  )

hereOrOnAws('rerank', 'train the best of a finished run in full again, where its dataset has changed')
  .argument(...RUN)
  .action(async (run, options) =>
    options.aws
      ? (await import('./aws/start-rerank.ts')).rerank(run, options)
      : (await import('./rerank.ts')).rerank(run, options),
  )

hereOrOnAws('report', 'write the report of a run, also of one in progress')
  .argument(...RUN)
  .action(async (run, options) =>
    options.aws
      ? (await import('./aws/report.ts')).report(run, options)
      : (await import('./report.ts')).report(run, options),
  )

hereOrOnAws('list', 'the runs of a store: how each is, what it has found, and what it has cost').action(
  async (options) =>
    options.aws ? (await import('./aws/list.ts')).list(options) : (await import('./list.ts')).list(options),
)

program
  .command('verify')
  .description('read all that a run refers to, and tell what is sound')
  .argument(...RUN)
  .option(...STORE)
  .option(...JSON_OPTION)
  .action(async (run, options) => (await import('./verify.ts')).verify(run, options))

program
  .command('estimate')
  .description('hours and dollars of a search, before anything starts')
  .argument('<config>', 'YAML file; docs/config.md describes every key')
  .option(...SET)
  .option('--aws', 'on AWS, whose machines without a card are no computer of one’s own')
  .option(...JSON_OPTION)
  .action(async (config, options) => (await import('./estimate.ts')).estimateConfig(config, options))

program
  .command('count')
  .description('parameters and multiply-adds of a network or a cell, or the size of a search space')
  .argument('<file|name>', 'a genotype (of Trellis or DeepLab), a net_config, or a name such as mobilenet-v2')
  .option(
    '--input <CxHxW>',
    'shape of the input: an image for a classifier or a detector, features for a cell',
  )
  .option(
    '--classes <number>',
    'of a detector such as fpn-resnet-50, without background (default 80, as COCO)',
  )
  .option(...JSON_OPTION)
  .action(async (target, options) => console.log(await (await import('./count.ts')).count(target, options)))

program
  .command('export')
  .description('take a network that a run has trained in full')
  .argument(...RUN)
  .option('--rank <n>', 'place among what was searched, by the score of full training; 1 by default')
  .option('--baseline <name>', 'the best baseline of that name instead, e.g. aspp, random, mobilenet-v2')
  .option('--onnx <file>', 'where the ONNX model goes')
  .option('--card <file>', 'where a model.json goes: all that a program must know to run the model')
  .option('--weights <file>', 'where the weights go, as safetensors')
  .option('--genotype <file>', 'where the genotype goes')
  .option(
    '--front <folder>',
    'all networks of the front instead, with inherited weights, and a table; for a folder that is not there yet',
  )
  .option('--input <HxW>', 'a model for images of that size alone, e.g. for OpenCV 4; any size by default')
  .option('--batch <n>', 'with --input: for so many images at once; 1 by default')
  .option(...JSON_OPTION)
  .option(...STORE)
  .action(async (run, options) => (await import('./export.ts')).exportFiles(run, options))

program
  .command('evaluate')
  .description('score the network that a run has found, beside its baselines, on labelled images')
  .argument(...RUN)
  .option('--dataset <file>', 'YAML file with a `dataset`, of the same classes; by default that of the run')
  .option('--split <split>', 'test, validation or train; by default test where it is kept aside')
  .option('--rank <n>', 'place of the network by the score of full training', '1')
  .option('--no-baselines', 'without the baselines')
  .option(...JSON_OPTION)
  .option(...STORE)
  .action(async (run, options) => (await import('./evaluate/evaluate.ts')).evaluate(run, options))

program
  .command('predict')
  .description('run the network that a run has found on images of any size')
  .argument(...RUN)
  .argument('<image...>', 'files: JPEG, PNG, WebP, TIFF, GIF or AVIF')
  .option('--out <folder>', 'where masks go', 'predictions')
  .option('--rank <n>', 'place of the network by the score of full training', '1')
  .option(...JSON_OPTION)
  .option(...STORE)
  .action(async (run, images, options) =>
    (await import('./predict/predict.ts')).predict(run, images, options),
  )

program
  .command('score')
  .description('score the boxes of any detector as COCO does: its twelve numbers, and AP of each class')
  .argument(
    '<detections>',
    'JSON file in COCO’s format of results: a list of {image_id, category_id, bbox, score}',
  )
  .requiredOption('--truth <file>', 'JSON file of annotations, such as instances_val2017.json')
  .option(...JSON_OPTION)
  .action(async (detections, options) => (await import('./score/score.ts')).score(detections, options))

addAwsCommands(program)

// For a shell an empty variable is as good as an unset one; the AWS SDK would take it for the name of a region.
for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION'])
  if (process.env[name] === '') delete process.env[name]

await runCommand(program)
