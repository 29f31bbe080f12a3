import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'

/** What to do about what a training has left beside its result: a trial that has its result is not trained. */
export const trainAgain = ({ location }: Pick<ObjectStore, 'location'>, trial: string): string =>
  `delete ${location}/${trialKeys(trial).result}, then resume the run: the trial is trained again`

/** What to do about what only a search under way reads, and what it makes again when it finds that damaged. */
export const MADE_WHERE_NEEDED = 'resume the run: it is made again, if the run still needs it'

/** What to do about a run that has failed. */
export const AFTER_FAILURE =
  'mend that, then resume the run; where its settings are the cause, start a new one with others. What is done stays done'
