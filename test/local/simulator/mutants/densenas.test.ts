import { findMutants } from './find.ts'

findMutants('densenas')
