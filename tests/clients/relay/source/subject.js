// What a page of a subject asks for: its head, and a list that grows.

import { graphql } from "relay-runtime";

export const subjectQuery = graphql`
  query subjectQuery($slug: String!) {
    subject(slug: $slug) {
      id
      title
      ...subject_questions
    }
  }
`;

export const subjectQuestions = graphql`
  fragment subject_questions on Subject
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" })
  @refetchable(queryName: "subjectQuestionsPageQuery") {
    questions(first: $count, after: $cursor, orderBy: [URL_ASC]) @connection(key: "subject_questions") {
      edges {
        node {
          id
          url
          ...subject_card
        }
      }
    }
  }
`;

export const subjectCard = graphql`
  fragment subject_card on Question {
    title
    date
    answer {
      excerpt(length: 80)
    }
  }
`;
