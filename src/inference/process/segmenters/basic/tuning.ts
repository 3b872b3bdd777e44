/**
 * The constants of the segmenter, chosen on generated scenes (seeds of their own) and on photos of BSDS500's training split; what
 * they are worth is told on others, by `npm run bench -- segmenter`. Pulls are logarithms of odds.
 */
export const tuning = {
  /** Longer side, in pixels, of the picture on which the object is found. */
  roughSide: 128,
  /** Longer side, at most, of the part on which its border is drawn. */
  borderSide: 400,
  /** Gaussians of a colour model. */
  components: 5,
  /** Times that colours are learned from the mask and the mask from the colours. */
  rounds: 3,
  /** Radius, in longer sides, of what is taken for the object around a positive click before anything is known of its colours. */
  clickReach: 0.06,
  /** A colour alone says no more than this: colours of objects are never known well. */
  mostColour: 6,
  /** How much nearness to clicks says, by paths that shun changes of colour. */
  nearness: 6,
  /** The same for a box without clicks, whose middle stands for the object. */
  boxNearness: 4,
  /** How much more likely the middle of a box is the object than its corners. */
  boxMiddle: 2,
  /** Radii of the part of a box that stands for the object, and of the part its colours are first learned from; in half sides. */
  boxSeed: 0.4,
  boxReach: 0.9,
  /** Strength of ties while the object is found, and while its border is drawn. */
  roughTies: 4,
  borderTies: 8,
  /** Half width, in pixels of the rough picture, of the band in which the border is drawn. */
  band: 3,
  /** Colours on either side of the border are learned this many bands deep, the innermost part of the band left out. */
  bandDepth: 4,
  bandGap: 0.3,
  mostBandColour: 4,
  /** How much the rough mask says at the band's edges; nothing at the rough border. */
  bandPull: 1,
};
