/** How an app moves from what it is to what it is meant to be. */
@NullMarked
package io.springtide.core.deployment;

import org.jspecify.annotations.NullMarked;
