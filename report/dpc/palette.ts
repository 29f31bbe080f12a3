import { paletteFor } from '../../nas/data/palette.ts'
import { type Html, html } from '../html.ts'

/** A little square in the colour of each class. */
export const swatches = (classes: readonly string[]): readonly Html[] =>
  paletteFor(classes).map((colour) => html`<i class="swatch" style="--colour:rgb(${colour.join(',')})"></i>`)
