import { stepsOf } from '../steps.ts'
import { functions } from './functions.ts'
import { jobs } from './jobs.ts'

export const { invoke, submit, eachShard } = stepsOf({ functions, jobs })
