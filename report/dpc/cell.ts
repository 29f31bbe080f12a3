import { type DpcBranch, type DpcGenotype, FEATURES } from '../../nas/spaces/dpc/genotype.ts'
import { type Html, html } from '../html.ts'

/** A cell on one line, a branch a word: 'F→3×3 r1×6  0→3×3 r18×15  …'. {@link CELL_NOTATION} explains it. */
export const cellInWords = ({ branches }: DpcGenotype): string => branches.map(branchInWords).join('  ')

/** The same with a colour for each kind of operation. */
export const cellInColour = ({ branches }: DpcGenotype): Html =>
  html`${branches.map((branch) => html`<span class="branch ${branch.operation.kind}">${branchInWords(branch)}</span> `)}`

export const CELL_NOTATION =
  'Of a cell, every branch is written as input→operation. The input is F, the backbone features, or the number of an earlier branch, from 0. r6×21 is the rate of an atrous convolution and pool 2×4 a pooling grid, height × width.'

const branchInWords = ({ input, operation }: DpcBranch): string =>
  `${input === FEATURES ? 'F' : input}→${operationInWords(operation)}`

function operationInWords(operation: DpcBranch['operation']): string {
  switch (operation.kind) {
    case 'conv1x1':
      return '1×1'
    case 'atrous':
      return `3×3 r${operation.rate.join('×')}`
    case 'pyramid-pooling':
      return `pool ${operation.grid.join('×')}`
  }
}
