import { type Colour, paletteFor } from '../nas/data/palette.ts'
import { type Html, html } from './html.ts'

/** A little square in each colour. */
export const swatchesOf = (colours: readonly Colour[]): readonly Html[] =>
  colours.map((colour) => html`<i class="swatch" style="--colour:rgb(${colour.join(',')})"></i>`)

/** In the colours of masks. */
export const swatches = (classes: readonly string[]): readonly Html[] => swatchesOf(paletteFor(classes))
