import { runNameSchema } from '../../runs/config.ts'

/** Whether `search.genotype` names a run, and no file. */
export const isRunName = (genotype: string): boolean => runNameSchema.safeParse(genotype).success

/** `run street-boxes`, or the file. */
export const originOf = (genotype: string): string => (isRunName(genotype) ? `run ${genotype}` : genotype)
