/** The demonstration: a burst, a dead master, a dead agent, and the proof that nothing was lost. */
@NullMarked
package io.springtide.cli.demo;

import org.jspecify.annotations.NullMarked;
