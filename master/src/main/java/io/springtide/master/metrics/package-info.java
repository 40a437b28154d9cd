/** What the master counts and times of its own work. Everybody may feed it; it knows facts and the view only. */
@NullMarked
package io.springtide.master.metrics;

import org.jspecify.annotations.NullMarked;
