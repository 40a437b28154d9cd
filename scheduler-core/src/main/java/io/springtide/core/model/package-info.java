/** The nouns: apps, agents, instances and what they consist of. */
@NullMarked
package io.springtide.core.model;

import org.jspecify.annotations.NullMarked;
