/** What a master and an ingress say to each other. */
@NullMarked
package io.springtide.cloud.ingress.wire;

import org.jspecify.annotations.NullMarked;
