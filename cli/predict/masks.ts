import { basename, extname, join } from 'node:path'
import { encode } from 'fast-png'
import type { Pixels } from '../../nas/data/dataset.ts'
import { paletteFor } from '../../nas/data/palette.ts'
import { TrellisError } from '../../nas/errors.ts'
import type { Prediction } from '../../nas/training/predictor.ts'
import { checkAbsent, writeOutput } from '../write-output.ts'

export interface MaskFiles {
  /** A palette PNG whose indices are the classes. */
  readonly mask: string
  /** The image, half covered by the colours of the mask. */
  readonly overlay: string
}

/** Where the mask of an image goes. */
export function maskFiles(image: string, folder: string): MaskFiles {
  const stem = join(folder, basename(image, extname(image)))
  return { mask: `${stem}.png`, overlay: `${stem}-overlay.png` }
}

/** @throws TrellisError `invalid-config` where a file is there already, or two images would have one */
export async function checkFree(files: readonly string[]): Promise<void> {
  const twice = files.find((file, i) => files.indexOf(file) !== i)
  if (twice !== undefined)
    throw new TrellisError('invalid-config', `two of the images would be predicted into ${twice}`, {
      fix: 'predict images of one name one after the other, each into a folder of its own: --out',
    })
  for (const file of files) await checkAbsent(file, '--out')
}

export async function writeMask(
  { mask, overlay }: MaskFiles,
  image: Pixels,
  { height, width, labels }: Extract<Prediction, { kind: 'mask' }>,
  classes: readonly string[],
): Promise<void> {
  const palette = paletteFor(classes)
  const blended = image.data.map((value, i) => (value + palette[labels[Math.floor(i / 3)]!]![i % 3]!) >> 1)
  const colours = palette.map((colour) => [...colour])
  await writeOutput(
    mask,
    encode({ height, width, channels: 1, depth: 8, data: labels, palette: colours }),
    '--out',
  )
  await writeOutput(overlay, encode({ height, width, channels: 3, depth: 8, data: blended }), '--out')
}
