/**
 * Marathon's REST dialect without a server: JSON in, checked and canonical records out, and back.
 */
@NullMarked
package io.springtide.api.marathon;

import org.jspecify.annotations.NullMarked;
