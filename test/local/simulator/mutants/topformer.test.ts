import { findMutants } from './find.ts'

findMutants('topformer')
