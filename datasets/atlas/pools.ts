const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Values of attributes: closed pools of 24 words each. Where a statement puts `a` before the value, all words of its pool begin with a consonant. */
export const pools = {
  animal: words(
    'fox wolf zebra cat dog horse goat rabbit lion tiger monkey parrot raven swan falcon badger beaver deer hare mouse turtle snake camel dolphin',
  ),
  colour: words(
    'red blue green yellow purple pink brown black white grey violet crimson scarlet turquoise teal maroon beige lilac cyan magenta navy khaki tan cream',
  ),
  craft: words(
    'weaver baker mason potter tailor miller carpenter blacksmith fisher painter barber butcher cooper tanner farmer jeweler brewer printer glazier shepherd saddler plumber gardener doctor',
  ),
  fruit: words(
    'plums apples pears cherries grapes lemons oranges figs dates peaches melons berries apricots bananas limes mangoes olives papayas quinces guavas coconuts nectarines strawberries pomegranates',
  ),
  gem: words(
    'ruby diamond emerald sapphire pearl topaz opal garnet jade onyx agate amethyst beryl jasper quartz zircon peridot citrine moonstone sunstone bloodstone tourmaline obsidian malachite',
  ),
  goods: words(
    'wool salt cheese silk wheat rice sugar coffee tea honey wax cotton linen paper glass pepper leather soap flour butter rope coal timber marble',
  ),
  instrument: words(
    'harp flute violin drum piano guitar trumpet cello lute horn banjo clarinet tuba lyre fiddle bagpipe mandolin zither trombone saxophone harmonica bassoon cornet viola',
  ),
  metal: words(
    'copper bronze brass tin silver gold lead zinc nickel steel pewter platinum cobalt titanium chrome tungsten magnesium bismuth cadmium palladium rhodium lithium manganese vanadium',
  ),
  region: words(
    'Arden Belmar Corvania Dravik Elmora Faldor Gorland Halvia Ithria Jorsk Kelwyn Lothria Marenko Nordal Ostvale Pelara Quellin Rovania Salmar Tyrrel Undara Vessland Wexmoor Yslan',
  ),
  river: words(
    'Ossel Brenna Cald Dunow Elber Fenna Glim Hyle Isk Jarna Kember Lunna Mordel Nerra Orla Prath Quenna Rilla Savra Tessen Uvel Vistra Wenna Yarl',
  ),
  wood: words(
    'oak birch pine maple cedar ash elm beech walnut spruce larch willow poplar teak ebony mahogany cypress alder hazel chestnut hickory bamboo redwood hornbeam',
  ),
} as const;
