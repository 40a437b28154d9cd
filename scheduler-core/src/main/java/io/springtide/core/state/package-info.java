/** The state of the cluster and the only code that changes it. */
@NullMarked
package io.springtide.core.state;

import org.jspecify.annotations.NullMarked;
