/**
 * What to do about what a training has left beside its result. A trial that has its result is not trained: `resume` takes it away
 * where the rest is missing or damaged by then, as another run may have trained the trial since.
 */
export const TRAIN_AGAIN = 'resume the run: the trial is trained again'

/** What to do about what only a search under way reads, and what it makes again when it finds that damaged. */
export const MADE_WHERE_NEEDED = 'resume the run: it is made again, if the run still needs it'

/** What to do about a run that has failed. */
export const AFTER_FAILURE =
  'mend that, then resume the run; where its settings are the cause, start a new one with others. What is done stays done'
