/** What an adapter to a cloud or a virtualisation implements, so that machines can be asked for. */
@NullMarked
package io.springtide.cloud.spi;

import org.jspecify.annotations.NullMarked;
