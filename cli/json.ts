import { z } from 'zod'
import { costSchema } from '../nas/runs/estimate.ts'
import { totalsSchema } from '../nas/runs/ledger.ts'
import { ending } from '../nas/runs/summary.ts'
import { differenceSchema } from '../nas/tasks/test-score.ts'

/*
 * What commands print with `--json`: one object each, and nothing else on standard output. docs/json.md is made from these schemas,
 * by `npx tsx scripts/json-docs.ts`. Scores are shares in [0, 1], hours and seconds are numbers, times are ISO 8601 in UTC.
 */

const run = z.string().describe('name of the run')
const share = z.number().min(0).max(1).nullable()
const amount = z.number().nonnegative()
const whole = z.int().nonnegative()
const time = z.iso.datetime()

export const listJson = z.strictObject({
  store: z.string().describe('where the runs are'),
  runs: z
    .array(
      z.strictObject({
        run,
        pipeline: z.string().nullable(),
        state: z
          .enum(['running', 'interrupted', 'succeeded', 'failed', 'damaged'])
          .describe('damaged: its record cannot be read, see trellis verify; what is not known is null then'),
        startedAt: time.nullable(),
        trials: whole.nullable().describe('with a result'),
        failed: whole.nullable().describe('of these'),
        best: share.describe(
          'validation score of what the run found, trained in full; before that the best of its trials so far, which a proxy task scores, where the pipeline has one; else null',
        ),
        usd: amount.nullable().describe('by the ledger'),
      }),
    )
    .describe('the latest first'),
})

export const summaryJson = z.looseObject({
  ...ending,
  spent: totalsSchema.describe('by the ledger'),
  pipeline: z.string(),
  report: z.string().describe('path or address of the report'),
  model: z.string().describe('path or address of the ONNX model of what was found'),
  rerank: z
    .strictObject({
      changed: z.boolean().describe('whether anything was trained again'),
      before: share.describe('score of the network that the run had'),
      after: share.describe('score of the best of the new ranking, which replaces it if it is better'),
    })
    .optional()
    .describe('of trellis rerank alone'),
})

export const reportJson = z.strictObject({
  run,
  report: z.string().describe('path or address of the report'),
  interrupted: z
    .string()
    .nullable()
    .describe('the command that goes on with the run; null for one that is at work or has ended'),
})

export const estimateJson = z.looseObject({
  ...costSchema.unwrap().shape,
  byJob: z.record(z.string(), costSchema).describe('the same by kind of job'),
  place: z.enum(['here', 'aws']).describe('what it is estimated for'),
  images: z
    .strictObject({ train: whole, validation: whole, test: whole })
    .nullable()
    .describe('null where the dataset is not here: what depends on it is left out'),
  inStore: z.array(z.string()).describe('kinds of jobs whose work the store has already: they count nothing'),
  aboveBudget: z.string().nullable().describe('why such a search would not start; null within the budget'),
})

const charged = {
  attempts: whole,
  gpuHours: amount,
  usd: amount,
  cutShort: z
    .strictObject({ attempts: whole, gpuHours: amount, usd: amount })
    .describe('of these: the host was reclaimed, or the job failed or was stopped'),
}

export const costJson = z.strictObject({
  run,
  total: z.strictObject(charged),
  phases: z.array(z.strictObject({ phase: z.string(), ...charged })),
  attempts: z.array(z.strictObject({ attempt: z.int().positive(), ...charged })),
  spot: z
    .strictObject({
      saved: z.number().describe('dollars'),
      onSpot: whole.describe('attempts on spot capacity'),
      rented: whole.describe('attempts on rented machines'),
      paid: amount.describe('dollars, for those on spot capacity'),
      onDemand: amount.describe('dollars that those would have cost on demand'),
    })
    .nullable()
    .describe('null where nothing was rented'),
})
export type CostJson = z.infer<typeof costJson>

export const statusJson = z.strictObject({
  run,
  status: z.string().describe('of the execution, as Step Functions has it, in small letters'),
  cause: z.string().nullable().describe('why it ended without success'),
  startedAt: time,
  card: z.string(),
  phase: z.string(),
  fraction: share.describe('of the phase; null where nothing limits it'),
  secondsLeft: amount.nullable().describe('of the phase; null before there is a rate'),
  trials: whole.describe('of the phase, with a result'),
  failed: whole.describe('of these'),
  best: share.describe('score of the phase'),
  usd: amount,
})

export const exportJson = z.strictObject({
  run,
  trial: z.string(),
  score: share,
  metric: z.string(),
  onnx: z.string().nullable().describe('path of the model'),
  card: z.string().nullable().describe('path of its model.json'),
  weights: z.string().nullable().describe('path of the weights'),
  genotype: z.string().nullable().describe('path of the genotype'),
})

export const frontJson = z.strictObject({
  run,
  folder: z.string().describe('that the models are in, with this as front.json'),
  processor: z.string().describe('on which latencies were measured'),
  networks: z
    .array(
      z.strictObject({
        file: z.string(),
        trial: z.string(),
        score: z.number().min(0).max(1).describe('on validation images, with these weights'),
        parameters: whole,
        multiplyAdds: whole,
        milliseconds: amount.describe('of one image'),
        genotype: z.unknown(),
      }),
    )
    .describe('the cheapest first'),
})

export const verifyJson = z.strictObject({
  run,
  sound: z.record(z.string(), whole).describe('sound objects by kind'),
  lost: z
    .array(z.strictObject({ key: z.string(), flaw: z.string(), remedy: z.string() }))
    .describe('missing or damaged'),
})

const score = z.number().min(0).max(1)

export const evaluationJson = z.strictObject({
  run,
  dataset: z.strictObject({ source: z.string().describe('in words'), fingerprint: z.string() }),
  split: z.enum(['train', 'validation', 'test']),
  images: z.int().positive().describe('that have labels'),
  score: z.string().describe('what the scores are: mIoU or top-1'),
  resamples: z.int().positive().describe('of the images, from which intervals of 95 % follow'),
  networks: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['found', 'baseline', 'mean of baselines']).describe('found: by the search'),
        trials: z
          .array(z.strictObject({ seed: z.int(), trial: z.string(), score }))
          .describe('one a seed; none of several networks'),
        score: score.describe('mean over the seeds'),
        low: score.describe('lower end of its interval'),
        high: score.describe('upper end of its interval'),
        toFirst: differenceSchema
          .unwrap()
          .extend({
            withinNoise: z
              .boolean()
              .describe(
                'whether the interval includes 0; it is over images, for these seeds: others may differ by more',
              ),
          })
          .nullable()
          .describe(
            'its score minus that of the first network, on the same resamples: negative where the first is better; null for the first',
          ),
      }),
    )
    .min(1)
    .describe('the one found, then the baselines'),
})

export const predictionJson = z.strictObject({
  run,
  trial: z.string(),
  images: z.array(
    z.strictObject({
      image: z.string().describe('path'),
      mask: z
        .string()
        .optional()
        .describe('of segmentation: path of a palette PNG whose indices are the classes'),
      overlay: z
        .string()
        .optional()
        .describe(
          'of segmentation: path of the image, half covered by the mask; of detection: with its boxes',
        ),
      objects: z
        .array(
          z
            .strictObject({
              name: z.string(),
              score,
              box: z
                .tuple([z.number(), z.number(), z.number(), z.number()])
                .readonly()
                .describe('left, top, right and bottom edge in pixels of the image'),
            })
            .readonly(),
        )
        .readonly()
        .optional()
        .describe('of detection: what was found, the likeliest first'),
      classes: z
        .array(z.strictObject({ name: z.string(), probability: score }))
        .readonly()
        .optional()
        .describe('of classification: the most probable classes, the first first'),
    }),
  ),
})

const average = z.number().min(-1).max(1)

export const scoreJson = z.strictObject({
  stats: z
    .array(average)
    .length(12)
    .describe(
      "COCO's twelve in pycocotools' order: AP, AP50, AP75, AP of small, medium and large objects, AR of 1, 10 and 100 detections an image, AR of small, medium and large objects",
    ),
  classes: z
    .array(
      z.strictObject({
        id: z.int(),
        name: z.string(),
        ap: average.describe('mean of IoU 0.50 to 0.95'),
        ap50: average.describe('at IoU 0.50'),
      }),
    )
    .describe('all categories, in ascending order of their ids'),
})

/** Prints an object that has the documented shape. */
export const printJson = <T extends z.ZodType>(schema: T, value: z.input<T>): void =>
  console.log(JSON.stringify(schema.parse(value), null, 2))
