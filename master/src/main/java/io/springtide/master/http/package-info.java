/** The REST server: Marathon's dialect, and a few paths of our own. */
@NullMarked
package io.springtide.master.http;

import org.jspecify.annotations.NullMarked;
