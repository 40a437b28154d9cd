/** Has agents fetch what schedules of apps will need, before they need it, while this master leads. */
@NullMarked
package io.springtide.master.prefetch;

import org.jspecify.annotations.NullMarked;
