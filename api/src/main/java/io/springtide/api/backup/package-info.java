/** The file that a backup of a cluster is. */
@NullMarked
package io.springtide.api.backup;

import org.jspecify.annotations.NullMarked;
