#!/bin/bash
# A sweep as a job array: each task makes one shard, and one more job afterwards gathers them into tables.
#
#   SWEEP=my.yaml OUT=/scratch/me/my deploy/slurm.sh 32        # 32 shards
#
# OUT is a folder that every node sees. The same line again makes only what is missing.
set -euo pipefail

SHARDS=${1:?how many shards}
: "${SWEEP:?the sweep file}" "${OUT:?the folder for the runs}"
PROCESSORS=${PROCESSORS:-8}
HOURS=${HOURS:-12}

export SWEEP OUT
export HOMECARE_CACHE=${HOMECARE_CACHE:-$OUT.cache}   # settled markets and machine code, for all nodes

homecare warm   # once, so that no two tasks compile the same

array=$(sbatch --parsable --job-name=homecare --array="1-$SHARDS" --cpus-per-task="$PROCESSORS" \
    --mem-per-cpu=2G --time="$HOURS:00:00" --signal=B:TERM@60 --export=ALL --wrap \
    "exec homecare sweep \"\$SWEEP\" --out \"\$OUT\" --shard \"\$SLURM_ARRAY_TASK_ID/$SHARDS\" --processes $PROCESSORS --quiet")

# afterany: a shard that failed or ran out of time leaves the others' runs, and the table says what is missing.
sbatch --job-name=homecare-gather --dependency="afterany:$array" --cpus-per-task="$PROCESSORS" --mem-per-cpu=2G \
    --time="$HOURS:00:00" --export=ALL --wrap \
    "exec homecare sweep \"\$SWEEP\" --out \"\$OUT\" --processes $PROCESSORS --quiet"
