import { z } from 'zod'

/*
 * What a setting can sensibly be. Below these bounds nothing overflows: neither the arithmetic of an estimate, nor float32,
 * in which networks are trained, nor the size of an array. They are wide, as a store keeps settings for ever.
 */

/** A number of things, from 1. */
export const count = (most: number) => z.int().min(1).max(most)

/** Likewise, from 0. */
export const countOrNone = (most: number) => z.int().min(0).max(most)

/** Any that JSON and JavaScript hold exactly. */
export const seed = z.int()

/** Pixels along an image. */
export const MOST_PIXELS = 4097

export const batch = count(65_536)
export const steps = count(100_000_000)
export const epochs = count(1_000_000)

/** Any that float32 holds, with room for a gradient: a rate that is merely too large shows in what it trains. */
export const learningRate = z.number().min(1e-12).max(1e30)
/** In float32, 0.99999999 is 1. */
export const momentum = z.number().min(0).max(0.9999)
export const weightDecay = z.number().min(0).max(10)
export const labelSmoothing = z.number().min(0).max(0.99)

/** [smallest, largest], both within bounds. */
export const range = (least: number, most: number) => {
  const end = z.number().min(least).max(most)
  return z
    .tuple([end, end])
    .refine(([low, high]) => low <= high, 'the first number is the smallest, the second the largest')
    .readonly()
}

/** Engines count the numbers of a tensor in 32 bits. */
const MOST_NUMBERS = 2 ** 31 - 1
const CHANNELS = 3

/** Whether a batch of images is one tensor. */
export const fitsOneTensor = (batch: number, height: number, width: number): boolean =>
  batch * CHANNELS * height * width <= MOST_NUMBERS

export const TOO_LARGE_A_BATCH = `a batch of such images has more than ${MOST_NUMBERS} numbers: make it, or the images, smaller`

/** Text on one line. */
export const text = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^\P{Cc}*$/u, 'control characters are not allowed')
