import { Anchor } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A link of the router in the theme's look; addresses are checked by the compiler. */
export const AnchorLink = createLink(Anchor<'a'>);
