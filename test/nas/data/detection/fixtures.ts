import { detectionConfig } from '../../../../nas/data/detection/config.ts'
import { openDetection } from '../../../../nas/data/detection/open.ts'
import type { OpenOptions } from '../../../../nas/data/files.ts'
import { type Files, memory, text } from '../memory.ts'

/** Opens the dataset of a configuration, from files in memory. */
export const open = (config: object, files: Files, options?: OpenOptions) =>
  openDetection(detectionConfig.parse({ path: 'data', ...config }), memory(files, 'data'), options)

export const json = (value: unknown): Uint8Array => text(JSON.stringify(value))

type Noted = readonly [name: string, xmin: number, ymin: number, xmax: number, ymax: number, more?: string]

/** A VOC annotation. */
export const xml = (
  objects: readonly Noted[],
  size: readonly [height: number, width: number] | null,
): Uint8Array =>
  text(
    `<annotation>${size ? `<size><width>${size[1]}</width><height>${size[0]}</height><depth>3</depth></size>` : ''}
${objects
  .map(
    ([name, xmin, ymin, xmax, ymax, more = '']) =>
      `<object><name>${name}</name>${more}<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`,
  )
  .join('\n')}</annotation>`,
  )

export const clear = { crowd: false, difficult: false }
