/* What a process that serves and polls needs of the system before its first part is built. */
#ifndef NET_PROCESS_H
#define NET_PROCESS_H

#include "base/fault.h"

/* Once, before the first loop and the first thread: as many workers of the loop as there are
 * processors, as many descriptors as the system allows, and no signal that ends the process
 * for a client that left or a file that may not grow. FAULT_CONFIG: too few descriptors. */
must_check bool process_prepare(struct fault *fault);

#endif
