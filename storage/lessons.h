/* Private to storage/: what an action teaches the learner. */
#ifndef STORAGE_LESSONS_H
#define STORAGE_LESSONS_H

#include "storage/action.h"

/* After the event was written: its lessons, those that were planned and, unless the action
 * teaches not, those that follow from what became of the stories it touched. */
must_check bool lessons_write(struct action *action, struct fault *fault);

#endif
