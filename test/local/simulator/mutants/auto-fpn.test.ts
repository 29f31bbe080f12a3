import { findMutants } from './find.ts'

findMutants('auto-fpn')
