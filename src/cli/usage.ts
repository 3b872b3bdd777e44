/** The command line was not understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const help = `saccade — look into rollout traces of vision-language models without a window

Usage
  saccade info <path> [--json]              what a trace holds, its frames, images and problems;
                                            or an image set: images, labels, columns and problems
  saccade info <images> --where SQL [--json]
                                            the same, and which images match, edits of its sidecar counted
  saccade info <path> --by step [--right R] [--json]
                                            the same by training step: rewards, groups, actions, and the
                                            metrics that the trainer logged near by (docs/by-step.md)
  saccade rollouts <path> [--group G | --where SQL, --search TEXT, --sort COLUMN] [--limit N] [--json]
                                            its rollouts: turns, actions, repairs, regions, clicks
  saccade compare <path> [<other>] [--column C] [--right R] [--steps F:T] [--other-steps F:T]
                  [--split training|validation] [--json]
                                            two runs, or two ranges of one run's steps, on the samples that both answered
  saccade score <path> [--profile P | --reward FILE.py:FUNCTION] [--gt DATASET] [--advantage A] [--json]
                                            rewards recomputed by a profile, and advantages: one rollout a line
  saccade eval <gt.json> <results.json | trace> [--type bbox|segm] [--lvis] [--iou T] [--max-dets N] [--areas A] [--json]
  saccade eval <trace> [...]                average precision and recall as pycocotools computes them, and what was missed:
                                            of COCO results, or of a trace's rollouts by policy (docs/evaluation.md)
  saccade export <path> --to FORMAT -o FOLDER [--select S] [--dry-run] [--json]
                                            training data for a consumer, with its pictures (docs/export.md)
  saccade export <images> --to coco|yolo|original|hf -o FOLDER [--only accept|tag=NAME] [--where SQL]
                 [--scores FILE:KEY:VALUE] [--images copy|link|none|embed]
                                            an image set with its edits and curation (docs/datasets.md)
  saccade export <images> --to verl|llamafactory|ms-swift -o FOLDER [--task T] [--frame SPEC] [--system TEXT] [--prompt FILE] [...]
                                            the same as training data: tasks are detection (default), detection-image and
                                            question; of verl also sense-detection and sense-question
  saccade segment <image> --click x,y,+ [--click x,y,-] [--box x1,y1,x2,y2] [--model M] -o mask.png | --json
                                            a mask from clicks and a box, by a model on this machine (docs/models.md)
  saccade embed <folder|coco.json|image> [--model M] [--json]
                                            encodes images ahead, so that the first click on each is quick
  saccade models [<path>] [--json]          which segmentation models a folder or file holds, and why not; without
                                            a path those of this machine, and how to export what has to be
  saccade simulate <folder|coco.json|labelme.json> [--model M] [--max-clicks 20] [--json]
                                            a simulated annotator's clicks on true masks: NoC@85 and 90, failures, IoU by click
  saccade simulate … --trajectories FILE [--target-iou 0.98] [--refine DATASET]
                                            the clicks themselves, as SegAgent writes them, from nothing or from given masks
  saccade simulate … --flag-below 0.7 [--json]
                                            masks of the dataset that the model would draw otherwise

  saccade propose <image> --object O | --question Q [--policy P] [-n 8] [--seed S] [-o trace.jsonl] [--json]
                                            one group of rollouts by a policy: where to look, what is there, rewards
  saccade run <dataset> --policy P --task T -o trace.jsonl [-n 8] [--limit N] [--concurrency C] [--baseline]
                                            the same for every sample of a dataset; killed, it goes on where it was
                                            (docs/policies.md)

  saccade judge <trace> --policy P --annotations FOLDER [--limit N] [--json]
                                            a model labels the steps of rollouts: annotations in a folder of their own
  saccade probe <trace> --policy P -o probed.jsonl [--kinds same,blur,wrong,blank,thought] [--limit N] [--json]
                                            asks a policy trace's questions again with the crops or the thought changed

<path> is a file or folder that a supported writer wrote: a verl rollout dump ({step}.jsonl or the folder of all steps),
the output folder of the ACTIVE-O3 demo, V* samples, a debug log of the R1-V family (VLM-R1, Visual-RFT …), a trajectory
folder of Mini-o3 or a folder of them, EasyR1's generations.log, TRL's completions_{step}.parquet or its folder,
or lists of messages (.jsonl). The README lists them all.

Options
  --group G           only this group: its key, or its number as \`rollouts\` prints it (from 1)
  --limit N           at most N rollouts; of a trace that takes long to read, the first that are read
  --where SQL         only rollouts for which the condition holds, over the columns that \`info\` lists
  --search TEXT       only rollouts with the text in their prompt or response, in any case
  --sort COLUMN       groups by the column's mean in them, highest first; COLUMN,std COLUMN,min COLUMN,max
                      COLUMN,spread and COLUMN,sum sort by these, and ,asc behind it puts the lowest first
  --component C[=W]   column C is a reward component, of weight W; repeatable. Wins over those of the run's config
  --no-split FILE     read each response of this file of the trace as one turn, where turns are only told by bare
                      role lines; repeatable
  --tool T            replay calls by this tool's rules (docs/actions.md; default: as the format or the log says):
                        TOOLS
  --profile P         PROFILES,
                      or a JSON file (see docs/rewards.md); default: logged, the total as the log has it
  --reward F.py:FN    a Python reward in verl's signature (solution_str, ground_truth …) or TRL's (completions …), run by
                      --python (default: python3) in a process of its own; a call is stopped after --reward-limit
                      seconds (default: 30). It runs the file's code: only use what you trust
  --gt DATASET        ground truth from this parquet, JSON Lines, JSON or COCO file, or folder of V* samples, in place of
                      the log's: joined by prompt and image
  --advantage A       grpo, grpo-pop, dr-grpo, rloo or batch; default: as the trainer does, where it is known, else
                      grpo with sample standard deviation and ε = 1e-4
  --right R           a rollout is right from this reward on; without it the greater of two values, when the rewards
                      have exactly two
  --to FORMAT         one of
                        EXPORTS
  -o, --output FOLDER a new or empty folder; with --force files of the same name in it are replaced
  --select S          all (default), best (of each group), or threshold:R (a reward of at least R)
  --pairs P           best-worst (default; one a group) or all, whose rewards differ by at least --margin M (default: 0)
  --right R           for kto-*: an answer is good from this reward on
  --weight W          for weighted-*: advantage (default) or reward; what is not positive is left out
  --pictures P        copy (default), link, or path: originals on disk by their absolute path
  --partial           also groups whose size is not the run's
  --ignore-annotations
                      leave sidecars aside
  --annotations DIR   look for sidecars in this folder too, where they are kept of logs whose own may not be written;
                      repeatable
  --dry-run           write nothing: only say what would be written
  --dataset FILE      join images from this parquet, JSON Lines or JSON file, or folder; repeatable.
                      Wins over the datasets that the run's own configuration names
  --images DIR        look for named images in this folder first; repeatable
  --frame F=SPEC      which pixels boxes count in; repeatable. F is prediction, groundTruth or tool,
                      or F@SOURCE for one data source. SPEC is one of
                        original
                        input:FACTOR,MINPIXELS,MAXPIXELS[,shortN]   smart_resize; shortN: a shorter side below N is
                                                                    enlarged to N before (exactN: brought to N either way)
                        relative1, relative1000
                        PRESETS
  --type T            eval: bbox (default) or segm. --lvis evaluates by LVIS's rules
  --iou T             eval: thresholds, as 0.5, 0.1,0.5 or 0.5:0.95:0.05 (default)
  --max-dets N        eval: results kept an image and category (default: 1,10,100; with --lvis 300 an image)
  --areas A           eval: coco (default), soda, or NAME:FROM-TO,… in pixels of a side; the first stands for everything
  --found T, --near T eval: IoU from which on an object is found (default: the first threshold), and from which on one
                      that was not found is poorly localised rather than missed (default: 0.1)
  --agnostic          eval: all categories as one. --by-category prints each category's numbers
  --annotations DIR   eval: labels of a judge, which are compared with those of people beside the log; repeatable
  --model M           a folder or file of a model; default: the one that is built in
  --policy P          basic, the one that ships and reads no words (default), or a JSON or YAML file of a server
  --task-policy P     who looks into the regions: a file as above, or none; default: the policy itself, if it is a server
  --task T            detection, segmentation or question; default: question where only that is given, else detection
  --box x1,y1,x2,y2   segmentation: what the first mask is made from, in pixels of the image; --segmenter M draws it
  -n, --rollouts N    rollouts of a group (default: 8); --seed S: rollout i of a group is asked with seed S + i (default: 0)
  --regions K         regions looked at, at most (default: 3); --crops square (840 × 840, default) or aspect
  --max-iou T         boxes of different crops that overlap by more are one (default: 0.5)
  --option TEXT       an answer to choose from, the right one first: they are shown in an order of the seed; repeatable
  --answer TEXT       the right answer, for the reward
  --baseline          run: ask the task model about the whole image too
  --kinds K           probe: same (nothing changed, the control), blur, wrong (a part elsewhere), blank, thought; all by default
  --concurrency C     run: calls at once, in place of what the policy's file says
  --crop x1,y1,x2,y2  let the model see only this part of the image, at its full resolution
  --provider P        run models on a device: auto, cuda, webgpu, dml or coreml. Without it the CPU alone is used, and no
                      device is touched. --device N chooses one of several, --device-memory MB limits what a model may
                      take of it, --cuda-libraries DIR names CUDA's, --threads N the threads of the CPU
  --cache DIR         folder for images taken out of tables (default: saccade in the user's cache folder)
  --json              machine-readable: one document for info, one rollout a line for rollouts
  --help, --version

JSON
  Boxes stand twice: \`raw\` as written, \`box\` in pixels of the original image; \`box\` is null, with \`boxReason\`, while the
  frame or the image is unknown. A box of a call stands twice more: \`executed\`, the pixels that its tool cut, null unless
  \`status\` is executed, and \`meant\`, the same numbers in the frame that the model saw. Numbers that JSON cannot hold are the strings "NaN", "Infinity" and "-Infinity".

Exit codes
  0 done    1 the path or its files cannot be read, or something was given up (said on stderr)    2 the command line was not
  understood    130 stopped
`;
