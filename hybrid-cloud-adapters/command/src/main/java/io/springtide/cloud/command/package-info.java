/** Orders machines by a program of the operator: whatever has a command line becomes a node adapter. */
@NullMarked
package io.springtide.cloud.command;

import org.jspecify.annotations.NullMarked;
