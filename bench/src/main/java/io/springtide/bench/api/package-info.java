/** How fast clients of the REST API are served, and how little they disturb the rest. */
@NullMarked
package io.springtide.bench.api;

import org.jspecify.annotations.NullMarked;
