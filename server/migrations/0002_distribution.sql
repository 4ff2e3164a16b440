-- How a team hands out conversations beside the circle, and what is kept of each decision.

alter table team
    -- 0 in a circle, 1 least recently designated, 2 least loaded
    add column strategy smallint not null default 0,
    -- What a conversation of each kind of channel counts toward a person's load.
    add column weight_whatsapp smallint not null default 1 check (weight_whatsapp between 0 and 255),
    add column weight_instagram smallint not null default 1 check (weight_instagram between 0 and 255),
    add column weight_messenger smallint not null default 1 check (weight_messenger between 0 and 255),
    -- People in the order of their last designation by this team, the latest last: state of the engine, like the arrow.
    add column recent uuid[] not null default '{}';

alter table conversation
    -- Who had it already in this round of this stay; a strategy other than the circle tries the others first.
    add column tried uuid[] not null default '{}';

alter table decision
    -- Who was considered, in the order of consideration, and what became of each.
    add column considered jsonb not null default '[]';
