/** Drives HAProxy by its configuration and its runtime API. */
@NullMarked
package io.springtide.cloud.haproxy;

import org.jspecify.annotations.NullMarked;
