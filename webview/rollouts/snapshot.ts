import type { EditorParts } from './actions';

/** What a test may know of the editor. */
export function snapshotOf({
  session,
  store,
  looks,
  list,
  canvas,
  bottom,
  filter,
  edits,
  boxes,
  masks,
  rerun,
  live,
  drawing,
}: EditorParts): unknown {
  const { place, detail, hover, region, siblings, truth, progress, state, imageSize, rollout, listing } = session;
  return {
    list: list.snapshot(),
    selection: {
      place: place.value,
      detail: detail.value.kind,
      row: rollout?.row ?? null,
      hover: hover.value,
      region: region.value,
      siblings: [...siblings.value],
      truth: truth.value,
    },
    image: detail.value.kind === 'ready' ? detail.value.detail.image.kind : null,
    imageSize: imageSize.value,
    marks: store.marks.value,
    chain: {
      open: session.chain.value,
      kind: looks.looks.value.kind,
      look: session.look.value,
      looks: looks.looks.value.list.map(({ badge, title, state, reason, picture }) => ({
        badge,
        title,
        state,
        reason,
        picture,
      })),
    },
    notes: {
      turn: edits.turn.value,
      editing: boxes.on.value,
      selected: edits.current?.notes ?? null,
      group: edits.current?.noted.notes ?? null,
      outcome: edits.outcome,
      trouble: session.notes.trouble.value,
    },
    state: state.value,
    progress: { ...progress.value, sizes: progress.value.sizes.length },
    filter: {
      query: filter.store.query.value,
      status: filter.store.status.value,
      found: listing.value.found?.view.rows ?? null,
    },
    segment: {
      on: masks.tool.on,
      clicks: masks.tool.session.clicks,
      box: masks.tool.session.box,
      mask: masks.tool.session.mask,
      waiting: masks.tool.session.waiting,
      drawn: masks.masks.list.length,
    },
    rerun: rerun.state.value,
    live: { job: live.job.value, drawing: drawing.on.value },
    tab: bottom.tab,
    canvas: canvas.snapshot(),
  };
}
