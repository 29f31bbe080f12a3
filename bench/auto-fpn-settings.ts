import { readFileSync } from 'node:fs'
import { autoFpnConfigSchema } from '../nas/pipelines/auto-fpn/config.ts'
import { optionsOf } from '../nas/pipelines/auto-fpn/predictor.ts'
import { parseYaml } from '../nas/runs/yaml.ts'
import { levelShapes } from '../nas/training/detection/level-shapes.ts'

/* What bench/auto-fpn-step.ts runs: the detectors of examples/auto-fpn-bccd.yaml. */

const EXAMPLE = 'examples/auto-fpn-bccd.yaml'
const text = readFileSync(new URL(`../${EXAMPLE}`, import.meta.url), 'utf8')
export const config = autoFpnConfigSchema.parse(parseYaml(text, EXAMPLE))

export const CLASSES = 3
export const options = optionsOf({ classes: CLASSES, detector: config.detector })
export const levels = levelShapes(config.backbone, config.image)

/** Of the search, and of the detector. */
export const batchOf = (phase: string): number =>
  phase === 'detector' ? config.retrain.batch : config.search.batch

/** A dozen boxes an image, of three classes: as many as a picture of blood cells has. */
export const TRUTH = {
  boxes: Array.from({ length: 12 }, (_, i) => {
    const [x, y, half] = [32 + 64 * (i % 4), 32 + 64 * Math.floor(i / 4), 12 + 2 * i]
    return [x - half, y - half, x + half, y + half]
  }),
  labels: Array.from({ length: 12 }, (_, i) => i % CLASSES),
}
