import type { Kind } from './grammar.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** The words of names: every name is one of `first` and then one of `last`. No word serves twice, neither in another name nor as a value. */
export const nameWords: Readonly<
  Record<Kind, { readonly first: readonly string[]; readonly last: readonly string[] }>
> = {
  person: {
    first: words(
      'Mira Bram Lena Oskar Tilda Rufus Nadia Viktor Elsa Hugo Greta Felix Wilma Anton Dora Emil Freya Gustav Hanna Igor Julia Karl Lydia Milo Nora Otto Petra Quentin Rosa Simon Thea Ursula Valentin Wanda Xenia Yara Zeno Boris Celia Edgar',
    ),
    last: words(
      'Tolm Varga Brandt Keller Osk Lindell Marlow Penrose Quist Ravel Sorel Tamsin Ulmer Vasik Wendt Yarrow Zoller Ashby Becket Corvin Dunmore Ebner Fenwick Galt Hartley Ibsen Jarvis Kovan Lorenz Moravec Nystrom Orlov Pascal Renner Stroud Thorne Velden Winslow Zimmer Holt',
    ),
  },
  town: {
    first: words(
      'Upper Lower Great Little Old New Port Fort Mount Lake Glen Castle Long Broad High Deep Cold Bright Stone Windy Dry Fair Hidden Quiet',
    ),
    last: words(
      'Haven Bridge Harbor Field Hill Ford Brook Valley Meadow Gate Mill Cross Ridge Hollow Cliff Shore Marsh Spring Grove Creek Moor Bay Falls Tower',
    ),
  },
  ship: {
    first: words(
      'Swift Silent Bold Brave Merry Wild Northern Southern Eastern Western Royal Lucky Proud Gentle Daring Faithful Restless Distant Mighty Noble Radiant Stormy Wandering Frozen',
    ),
    last: words(
      'Star Wave Wind Comet Dawn Horizon Voyager Spirit Arrow Queen Pilgrim Venture Tempest Mermaid Breeze Pioneer Champion Fortune Hope Liberty Ranger Victory Dream Thunder',
    ),
  },
  guild: {
    first: words(
      'Iron Shining Broken Burning Crossed Winged Sacred Crowned Blessed Hooded Secret Rising Falling Whispering Sleeping Dancing Twin Seventh Second Third Eternal Humble Patient Ancient',
    ),
    last: words(
      'Lantern Hammer Anvil Quill Candle Key Wheel Shield Sword Crown Mask Feather Torch Mirror Ladder Basket Bell Needle Compass Chalice Hourglass Dagger Scroll Hearth',
    ),
  },
};
