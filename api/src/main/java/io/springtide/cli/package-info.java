/** The {@code tide} command: what people type, what they read, and the exit codes their scripts rely on. */
@NullMarked
package io.springtide.cli;

import org.jspecify.annotations.NullMarked;
