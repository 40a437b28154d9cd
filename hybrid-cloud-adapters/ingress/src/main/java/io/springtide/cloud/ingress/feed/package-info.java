/** Where an ingress has its table from, and whom it tells what it has measured. */
@NullMarked
package io.springtide.cloud.ingress.feed;

import org.jspecify.annotations.NullMarked;
