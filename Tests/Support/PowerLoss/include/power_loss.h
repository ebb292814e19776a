/// The environment variables of `power_loss.c`.
#ifndef WEIR_POWER_LOSS_H
#define WEIR_POWER_LOSS_H

/// The journaled directory; absolute.
#define POWER_LOSS_ROOT "WEIR_POWER_LOSS_ROOT"
/// The file to which the journal is appended, outside that directory.
#define POWER_LOSS_JOURNAL "WEIR_POWER_LOSS_JOURNAL"

#endif
