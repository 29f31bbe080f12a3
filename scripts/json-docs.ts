// Writes docs/json.md from the schemas in cli/json.ts: npx tsx scripts/json-docs.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import * as shapes from '../cli/json.ts'
import { docsOf, type Schema } from './config-docs.ts'

/** What prints each shape. */
const COMMANDS: readonly (readonly [commands: string, shape: z.ZodType, words: string])[] = [
  [
    'trellis list',
    shapes.listJson,
    'The runs of a store; `trellis status --json` prints the same for a deployment.',
  ],
  [
    'trellis search, resume, rerank and watch',
    shapes.summaryJson,
    'How a finished run ended. Beside these keys there are those that its pipeline adds, as in `runs/<run>/summary.json`: `winner`, `baselines`, where there are test images `leads` (of the winner: its test score minus the mean of those of the baselines of a role, with a 95 % interval over images; negative where the baselines are better), for `dpc` `trials`, and for `auto-fpn` with that baseline `evolution`.',
  ],
  ['trellis report', shapes.reportJson, 'Where the report is.'],
  [
    'trellis estimate',
    shapes.estimateJson,
    'What a search would take. `dpc` adds `trials`, the candidates that it tries.',
  ],
  ['trellis cost', shapes.costJson, 'What a run has cost.'],
  ['trellis status <run>', shapes.statusJson, 'How a run on AWS is.'],
  ['trellis export', shapes.exportJson, 'What was copied.'],
  [
    'trellis export --front',
    shapes.frontJson,
    'The networks that no other of a run beats in score without costing more.',
  ],
  [
    'trellis evaluate',
    shapes.evaluationJson,
    'Scores of trained networks on labelled images. Intervals are those of the percentile bootstrap over images; of several seeds, of their mean on each resample.',
  ],
  ['trellis predict', shapes.predictionJson, 'What a trained network makes of images.'],
  [
    'trellis score',
    shapes.scoreJson,
    'Average precision and recall of detections, on one line. -1 stands where the truth has nothing to be found.',
  ],
  ['trellis verify', shapes.verifyJson, 'What is sound. The exit status is 1 where anything is lost.'],
]

const INTRODUCTION = `# What commands print with --json

One JSON object on standard output, and nothing else there: progress, warnings and errors go to standard error. A command that
fails prints no object; its exit status says how (README.md has the list). Keys may be added in later versions, and none changes its
meaning.

Scores are shares in [0, 1], hours and seconds are numbers, times are ISO 8601 in UTC. \`trellis count --json\` prints
\`parameters\`, \`convolutionWeights\` and \`multiplyAdds\` of a network, and the same by part in \`scopes\`, of a detector also
the number of \`regions\` that its head is counted for, and of a network whose \`classes\` can be chosen their number; of a search space, its counts as text, since most readers would round such
numbers.

This page is made from the schemas in cli/json.ts, by \`npx tsx scripts/json-docs.ts\`.
`

export const jsonDocs = (): string =>
  [
    INTRODUCTION,
    ...COMMANDS.map(([commands, shape, words]) =>
      [
        `## ${commands}\n`,
        `${words}\n`,
        docsOf(z.toJSONSchema(shape, { io: 'output', unrepresentable: 'any' }) as Schema, 3),
      ].join('\n'),
    ),
  ].join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('../docs/json.md', import.meta.url), jsonDocs())
