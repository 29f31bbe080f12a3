import { findMutants } from './find.ts'

findMutants('dpc')
