/** A cluster of processes on this machine: one master and some agents, started, watched and ended together. */
@NullMarked
package io.springtide.cli.cluster;

import org.jspecify.annotations.NullMarked;
