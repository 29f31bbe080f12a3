import { readFileSync } from 'node:fs'
import { autoFpnConfigSchema } from '../nas/pipelines/auto-fpn/config.ts'
import { isOneStage } from '../nas/pipelines/auto-fpn/settings.ts'
import { parseYaml } from '../nas/runs/yaml.ts'
import { levelShapes } from '../nas/training/detection/level-shapes.ts'
import { twoStageOptions } from '../nas/training/detection/options.ts'

/* What bench/auto-fpn-step.ts runs: the detectors of examples/auto-fpn-bccd.yaml. */

const EXAMPLE = 'examples/auto-fpn-bccd.yaml'
const text = readFileSync(new URL(`../${EXAMPLE}`, import.meta.url), 'utf8')
export const config = autoFpnConfigSchema.parse(parseYaml(text, EXAMPLE))

export const CLASSES = 3
if (isOneStage(config.detector))
  throw new Error(`${EXAMPLE} is of one stage, which auto_fpn_step.py does not have`)
export const detector = config.detector
export const options = twoStageOptions({ classes: CLASSES, ...detector })
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
