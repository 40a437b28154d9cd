/** What somebody asks of the cluster, complete in itself. */
@NullMarked
package io.springtide.core.command;

import org.jspecify.annotations.NullMarked;
