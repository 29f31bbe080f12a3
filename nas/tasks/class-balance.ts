import { z } from 'zod'

/** The weight of rare classes in a loss: see nas/graph/label-weights.ts. */
export const classBalance = z
  .number()
  .min(0)
  .max(1)
  .default(0)
  .describe(
    'how much rare classes weigh in every loss of labels: n^-classBalance a pixel, where n pixels of a batch have its class; 0: all pixels alike, 1: all classes alike',
  )

/** In what a trial is to do. */
export const balanceSpec = z.number().optional().describe('none is 0')

/** What a key holds of the weights of classes: nothing where all pixels weigh alike, as in keys of earlier versions. */
export const balanceOf = ({ classBalance }: { readonly classBalance: number }) =>
  classBalance === 0 ? {} : { classBalance }
